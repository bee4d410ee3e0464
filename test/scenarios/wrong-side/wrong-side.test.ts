import type { Role } from "@hotgrid/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { forged, type GuardedCity, startGuardedCity, type Things } from "./guarded-city.ts";
import { GUARDED_ROUTES, type GuardedRoute, outsideRoles } from "./guarded-routes.ts";

let city: GuardedCity;
beforeAll(async () => {
  city = await startGuardedCity();
}, 120_000);
afterAll(() => city?.close());

/** Of the whole city, one of each role. */
const OF_ROLE: Readonly<Record<Role, string>> = {
  viewer: "viewer",
  officer: "O-330602001017",
  supervisor: "supervisor-330600",
  operator: "operator",
  maintenance: "M-330600",
  inspector: "inspector-yuecheng",
  administrator: "administrator",
};
/** Of another county, of another town, and of another village. */
const STRANGERS: readonly (readonly [string, Role])[] = [
  ["supervisor-330603", "supervisor"],
  ["supervisor-330602002", "supervisor"],
  ["O-330603001048", "officer"],
  ["viewer-keqiao", "viewer"],
  ["inspector-keqiao", "inspector"],
];

const rows = Object.entries(GUARDED_ROUTES).map(([name, route]) => {
  const [method = "", path = ""] = name.split(" ");
  return { name, method, path, route };
});
type Row = (typeof rows)[number];
const changes = ({ method }: Row): boolean => method !== "GET";
const guarded = rows.filter(({ route }) => !route.public);

interface Asked {
  readonly cookie?: string;
  readonly authorization?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly things?: Things;
  readonly body?: unknown;
}
async function ask(
  { method, path, route }: Row,
  asked: Asked,
): Promise<{ status: number; type: string; text: string }> {
  const { cookie, authorization, headers, things = city.things, body = route.body } = asked;
  const key: Record<string, string> = route.command ? { "idempotency-key": crypto.randomUUID() } : {};
  const sent = content(route, body);
  const response = await fetch(city.url + (route.of?.(things) ?? path), {
    method,
    redirect: "manual",
    headers: {
      ...(cookie && { cookie }),
      ...(authorization && { authorization }),
      ...key,
      ...sent.headers,
      ...headers,
    },
    ...(sent.body === undefined ? {} : { body: sent.body }),
  });
  if (route.stream && response.status === 200) await response.body?.cancel();
  const text = route.stream && response.status === 200 ? "" : await response.text();
  const problem = /"urn:hotgrid:problem:([\w-]+)"/.exec(text)?.[1] ?? "";
  return { status: response.status, type: problem, text };
}

function content(
  { upload }: GuardedRoute,
  body: unknown,
): { headers: Record<string, string>; body?: string | FormData } {
  if (upload) {
    const form = new FormData();
    form.append("file", new Blob(["no photo"]));
    return { headers: { "x-requested-with": "test" }, body: form };
  }
  return body === undefined
    ? { headers: {} }
    : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** An answer may name what was asked for. */
function withoutIds(text: string): string {
  const ids = [...Object.values(city.things), ...Object.values(forged(city.things))];
  return ids.reduce((rest, id) => rest.replaceAll(id, "…"), text);
}

const insiderOf = ({ route }: Row): string =>
  !route.roles || route.roles.includes("supervisor") ? "supervisor-330602" : "operator";

test("every route of the interface has a row here, and every row a route", async () => {
  const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
  const { paths } = Document.parse(await (await fetch(`${city.url}/openapi.json`)).json());
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace("/api/v1", "")}`),
  );
  expect(Object.keys(GUARDED_ROUTES).toSorted()).toEqual(described.toSorted());
});

describe("without a login that is good, nothing is open", () => {
  test.each(guarded)("$name", async (row) => {
    const { stages = ["full"] } = row.route;
    const unfinished = (["second-factor", "enrolment"] as const).filter((stage) => !stages.includes(stage));
    const attempts: [string, Asked][] = [
      ["nobody", {}],
      ["a forged cookie", { cookie: `hotgrid-session=${"A".repeat(43)}` }],
      ["a login of last week", { cookie: await city.cookie("administrator", { ageDays: 8 }) }],
      ["a login that nobody used for a day", { cookie: await city.cookie("administrator", { ageDays: 1.1 }) }],
      ["a forged token", { authorization: `Bearer hgt_${"A".repeat(43)}` }],
      ["a token that has expired", { authorization: await city.token("administrator", "write", { ageDays: 2 }) }],
    ];
    for (const stage of unfinished)
      attempts.push([`a login at its ${stage}`, { cookie: await city.cookie("administrator", { stage }) }]);
    for (const [who, asked] of attempts) {
      const { status, type } = await ask(row, asked);
      expect([who, status, type]).toEqual([who, 401, "not-logged-in"]);
    }
  });
});

describe("who has not the role is told so", () => {
  test.each(guarded.filter(({ route }) => route.roles))("$name", async (row) => {
    for (const role of outsideRoles(row.route)) {
      const { status, type } = await ask(row, { cookie: await city.cookie(OF_ROLE[role]) });
      expect([role, status, type]).toEqual([role, 403, "role"]);
    }
  });
});

describe("an inspector whose grant has expired gets nowhere", () => {
  test.each(guarded.filter(({ route }) => !route.withoutGrant))("$name", async (row) => {
    if (row.route.stages?.includes("full") === false) return;
    const { status, type } = await ask(row, { cookie: await city.cookie("inspector-expired") });
    expect([status, type]).toEqual([403, "no-grant"]);
  });
});

describe("what an account may not see does not exist for it, like what was never there", () => {
  test.each(guarded.filter(({ route }) => route.of))("$name", async (row) => {
    const missing = await ask(row, { cookie: await city.cookie(insiderOf(row)), things: forged(city.things) });
    for (const [stranger, role] of STRANGERS) {
      const answer = await ask(row, { cookie: await city.cookie(stranger) });
      const allowed = !row.route.roles || row.route.roles.includes(role);
      expect([stranger, answer.status]).toEqual([stranger, allowed ? (row.route.outside ?? 404) : 403]);
      if (allowed && row.path.includes("{")) expect(withoutIds(answer.text)).toBe(withoutIds(missing.text));
    }
    if (row.path.includes("{")) expect(missing.status).toBe(404);
  });
});

describe("a list holds nothing of another place", () => {
  const lists = guarded.filter(({ method, route }) => method === "GET" && !route.of && !route.stream && !route.own);
  test.each(lists)("$name", async (row) => {
    for (const [stranger, role] of STRANGERS) {
      if (row.route.roles && !row.route.roles.includes(role)) continue;
      const { status, text } = await ask(row, { cookie: await city.cookie(stranger) });
      expect([stranger, status]).toEqual([stranger, 200]);
      for (const [what, id] of Object.entries(city.things))
        expect([stranger, what, text.includes(id)]).toEqual([stranger, what, false]);
    }
    const { status } = await ask(row, { cookie: await city.cookie(insiderOf(row)) });
    expect(status).toBe(200);
  });
});

describe("who only looks on changes nothing", () => {
  test.each(guarded.filter((row) => changes(row) && !row.route.own))("$name", async (row) => {
    const { status } = await ask(row, { cookie: await city.cookie("viewer") });
    expect(status).toBe(403);
  });
});

describe("a change that another site sends is refused", () => {
  test.each(rows.filter(changes))("$name", async (row) => {
    const cookie = await city.cookie(insiderOf(row));
    for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
      const { status, type } = await ask(row, { cookie, headers: { ...headers } });
      expect([headers, status, type]).toEqual([headers, 403, "cross-site"]);
    }
    if (row.method === "DELETE") return;
    const form = { "content-type": row.route.upload ? "multipart/form-data; boundary=x" : "text/plain" };
    const response = await fetch(city.url + (row.route.of?.(city.things) ?? row.path), {
      method: row.method,
      headers: { cookie, ...form },
      body: JSON.stringify(row.route.body ?? {}),
    });
    expect(response.status).toBe(row.route.upload ? 403 : 415);
  });
});

describe("an API token does no more than it was made for", () => {
  test.each(guarded)("$name", async (row) => {
    const { browserOnly, stages } = row.route;
    if (stages?.includes("full") === false) return;
    const expected: ("read" | "write")[] = [];
    if (browserOnly) expected.push("write");
    if (browserOnly || changes(row)) expected.push("read");
    for (const scope of expected) {
      const { status, type } = await ask(row, { authorization: await city.token("administrator", scope) });
      expect([scope, status, type]).toEqual([scope, 403, "token-scope"]);
    }
  });
});

describe("a body is what it should be, and not more", () => {
  const withBody = rows.filter(({ route }) => route.body !== undefined);
  test.each(withBody)("$name", async (row) => {
    const { stages } = row.route;
    const stage = stages?.includes("full") === false ? { stage: "second-factor" as const } : {};
    const cookie = await city.cookie(row.route.command ? OF_ROLE.supervisor : insiderOf(row), stage);
    const body = row.route.body as Record<string, unknown>;
    const extra = await ask(row, { cookie, body: { ...body, administrator: true } });
    expect(["a field too many", extra.status, extra.type]).toEqual(["a field too many", 422, "invalid"]);
    const list = await ask(row, { cookie, body: [] });
    expect(["a list", list.status]).toEqual(["a list", 422]);
    const large = await ask(row, { cookie, body: { ...body, note: "x".repeat(70_000) } });
    expect(["70 kB", large.status, large.type]).toEqual(["70 kB", 413, "too-large"]);
  });
});

describe("a key that was used for something else is refused", () => {
  test.each(guarded.filter(({ route }) => route.command))("$name", async (row) => {
    const cookie = await city.cookie("supervisor-330602");
    const headers = { "idempotency-key": `used-for-${row.path}` };
    const comment = rows.find(({ name }) => name === "POST /tickets/{id}/comment") ?? row;
    const first = await ask(comment, { cookie, headers, body: { note: "第一次" } });
    expect(first.status).toBe(200);
    const again = await ask(row, { cookie, headers });
    expect([again.status, again.type]).toEqual([409, "idempotency-key-reused"]);
    const same = await ask(comment, { cookie, headers, body: { note: "第一次" } });
    expect(same.text).toBe(first.text);
    const another = await ask(comment, {
      cookie: await city.cookie("supervisor-330603"),
      headers,
      body: { note: "第一次" },
    });
    expect(another.status).toBe(404);
  });

  test.each(guarded.filter(({ route }) => route.command))("$name needs one", async (row) => {
    const cookie = await city.cookie("supervisor-330602");
    expect((await ask(row, { cookie, headers: { "idempotency-key": "" } })).status).toBe(422);
  });
});
