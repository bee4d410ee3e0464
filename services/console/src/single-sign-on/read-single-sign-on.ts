import { readFile } from "node:fs/promises";
import { DivisionCode, Role, SecretPlace } from "@hotgrid/contracts";
import { Rejected, readSecret } from "@hotgrid/runtime";
import { z } from "zod";

const ClaimName = z.string().min(1).max(100);

const SingleSignOnFile = z.strictObject({
  /** As the provider's own discovery document names it. */
  issuer: z.url(),
  clientId: z.string().min(1).max(200),
  /** Absent for a public client: PKCE alone then proves who asks. */
  clientSecret: SecretPlace.optional(),
  /** Address under which browsers reach the console; the provider has to know {console}/api/v1/session/oidc/callback. */
  console: z.url(),
  scope: z.string().min(1).max(200).default("openid profile"),
  /** On the login's button. */
  label: z
    .strictObject({ zh: z.string().min(1).max(30), en: z.string().min(1).max(40) })
    .default({ zh: "统一身份认证登录", en: "Single sign-on" }),
  /** Of the ID token, and what it names. */
  claim: ClaimName.default("sub"),
  names: z.enum(["account", "officer"]).default("account"),
  /** Whoever has the claim with this value (or it among its values) gets an account with these rights; the first that
   *  fits counts. Without one that fits, an account has to be there. */
  grants: z
    .array(z.strictObject({ claim: ClaimName, value: z.string().min(1).max(200), role: Role, division: DivisionCode }))
    .max(200)
    .default([]),
  /** Only for a provider on this machine. */
  allowHttp: z.boolean().default(false),
});

export interface SingleSignOnConfig extends Omit<z.infer<typeof SingleSignOnFile>, "clientSecret"> {
  /** null: a public client. */
  readonly clientSecret: string | null;
}

/** Reads the configuration of the single sign-on and its secret. Throws Rejected: "bad-single-sign-on", naming every
 *  field at fault, or "missing-secret". */
export async function readSingleSignOn(path: string, env: NodeJS.ProcessEnv): Promise<SingleSignOnConfig> {
  const result = SingleSignOnFile.safeParse(parseJson(path, await readFile(path, "utf8")));
  if (!result.success) throw bad(`${path}:\n${z.prettifyError(result.error)}`);
  const { clientSecret, ...config } = result.data;
  for (const field of ["issuer", "console"] as const)
    if (!config.allowHttp && !config[field].startsWith("https:"))
      throw bad(`${field}: has to be https (or http with "allowHttp": true)`);
  return { ...config, clientSecret: clientSecret === undefined ? null : await readSecret(clientSecret, env) };
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw bad(`${path}: no JSON: ${error.message}`);
  }
}

const bad = (what: string): Rejected =>
  new Rejected("bad-single-sign-on", {
    zh: `单点登录配置有误：${what}`,
    en: `the single sign-on's configuration is wrong: ${what}`,
  });
