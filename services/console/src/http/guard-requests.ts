import type { Account, Role } from "@hotgrid/contracts";
import type { InspectionGrantStore, SessionStage, TokenStore } from "@hotgrid/store";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { judgeOrigin } from "../core/same-origin.ts";
import { forbidden, HttpProblem, notLoggedIn } from "./http-problem.ts";
import type { ActiveSession, SessionCookie } from "./session-cookie.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Needs no session. Everything else does. */
    public?: true;
    /** Who may use it at all; everybody with a session where absent. */
    roles?: readonly Role[];
    /** Takes a file as multipart/form-data instead of JSON. */
    upload?: true;
    /** Belongs to a login: no API token may use it. */
    browserOnly?: true;
    /** An inspector may use it without a grant that holds. */
    withoutGrant?: true;
    /** How far a login has to have come; all the way where absent. */
    stages?: readonly SessionStage[];
  }
  interface FastifyRequest {
    session: ActiveSession | null;
  }
}

export interface RouteEntry {
  readonly method: string;
  readonly url: string;
  readonly public: boolean;
}

/** Deny by default: runs before everything else, also for addresses that don't exist.
 *  @returns the routes, as they are added. */
export function guardRequests(
  app: FastifyInstance,
  { cookie, tokens, grants }: { cookie: SessionCookie; tokens: TokenStore; grants: InspectionGrantStore },
): readonly RouteEntry[] {
  const routes: RouteEntry[] = [];
  app.addHook("onRoute", ({ method, url, config }) => {
    for (const each of [method].flat()) routes.push({ method: each, url, public: config?.public === true });
  });
  app.decorateRequest("session", null);
  app.addHook("onRequest", async (request) => {
    refuseOtherSites(request);
    const { public: open, roles, stages = ["full"] } = request.routeOptions.config;
    if (open) return;
    const { authorization } = request.headers;
    // A token that is not good is no reason to look for a cookie: the caller meant the token.
    request.session =
      authorization === undefined ? await cookie.session(request) : await tokenSession(request, authorization, tokens);
    if (!request.session || !stages.includes(request.session.stage)) throw notLoggedIn();
    request.session = await asGranted(request.session, request, grants);
    if (request.routeOptions.config.upload) refuseForms(request);
    if (roles && !roles.includes(request.session.account.role)) throw notOfRole(roles);
  });
  return routes;
}

/** RFC 6750: "Bearer" and the token. Null for a token that is forged, expired or revoked. */
async function tokenSession(
  { method, routeOptions }: FastifyRequest,
  authorization: string,
  tokens: TokenStore,
): Promise<ActiveSession | null> {
  const [, token = ""] = /^Bearer ([\w-]{1,100})$/i.exec(authorization) ?? [];
  const found = await tokens.find(token);
  if (!found) return null;
  if (routeOptions.config.browserOnly || (found.scope === "read" && method !== "GET")) throw beyondScope();
  const { account, createdAt, expiresAt } = found;
  return { account, createdAt, expiresAt, token, stage: "full", origin: "password" };
}

/** The session with the rights that its account has now: an inspector's are those of the grant. */
async function asGranted(
  session: ActiveSession,
  { routeOptions }: FastifyRequest,
  grants: InspectionGrantStore,
): Promise<ActiveSession> {
  const account = await grants.effective(session.account);
  if (account) return { ...session, account };
  if (routeOptions.config.withoutGrant || session.stage !== "full") return session;
  throw forbidden(
    "no-grant",
    {
      zh: "核查授权已到期、已撤销或尚未授予",
      en: "The grant for inspection has expired, was revoked or was never given",
    },
    { zh: "请联系委托单位的督导员授权", en: "Ask a supervisor of the division that commissioned you" },
  );
}

const beyondScope = (): HttpProblem =>
  forbidden("token-scope", {
    zh: "此令牌的权限范围不含这项操作",
    en: "This is beyond the token's scope",
  });

/** Who asks. Only for routes that are not public. */
export function accountOf(request: FastifyRequest): Account {
  return sessionOf(request).account;
}

export function sessionOf(request: FastifyRequest): ActiveSession {
  if (!request.session) throw notLoggedIn();
  return request.session;
}

const NO_BODY = new Set(["GET", "HEAD", "OPTIONS", "DELETE"]);

/** A form can send multipart too, but no header of its own choice: the second fence of uploads. */
function refuseForms({ headers }: FastifyRequest): void {
  if (headers["x-requested-with"] === undefined)
    throw forbidden(
      "cross-site",
      { zh: "上传缺少请求头 X-Requested-With", en: "An upload needs the header X-Requested-With" },
      { zh: "请加上 X-Requested-With: hotgrid", en: "Add X-Requested-With: hotgrid" },
    );
}

function refuseOtherSites({ method, host, headers, routeOptions }: FastifyRequest): void {
  const origin = headers.origin;
  const fetchSite = headers["sec-fetch-site"];
  const verdict = judgeOrigin({ method, host, origin, fetchSite: Array.isArray(fetchSite) ? "many" : fetchSite });
  if (verdict === "cross-site")
    throw forbidden("cross-site", {
      zh: "修改操作只接受来自本系统页面的请求",
      en: "Changes are only taken from this system's own pages",
    });
  // A form of another site can't send JSON without asking first: the second fence against forged requests.
  if (routeOptions.config.upload || NO_BODY.has(method)) return;
  if (!/^application\/json(;|$)/i.test(headers["content-type"] ?? ""))
    throw new HttpProblem({
      status: 415,
      name: "unsupported-media-type",
      text: { zh: "只接受 JSON", en: "Only JSON is taken" },
      remedy: { zh: "请设置 Content-Type: application/json", en: "Set Content-Type: application/json" },
    });
}

const ROLE_NAMES: Readonly<Record<Role, string>> = {
  viewer: "观察员",
  officer: "网格员",
  supervisor: "督导员",
  operator: "值班员",
  maintenance: "运维人员",
  inspector: "第三方核查员",
  administrator: "管理员",
};

const notOfRole = (roles: readonly Role[]): HttpProblem =>
  forbidden("role", {
    zh: `此操作只限${roles.map((role) => ROLE_NAMES[role]).join("、")}`,
    en: `Only for: ${roles.join(", ")}`,
  });
