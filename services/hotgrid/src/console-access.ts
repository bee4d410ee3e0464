import { type ConsoleDependencies, readSingleSignOn } from "@hotgrid/console-service";
import type { Config } from "./config.ts";

/** How browsers reach the console and how people log in: a part of its dependencies. */
export type ConsoleAccess = Pick<ConsoleDependencies, "requireTotp" | "secure" | "singleSignOn" | "trustedProxies">;

/** Throws Rejected where the file of the single sign-on is wrong. */
export async function consoleAccess(config: Config, env: NodeJS.ProcessEnv): Promise<ConsoleAccess> {
  const { oidc, requireTotp, secure, trustedProxies } = config;
  return {
    requireTotp,
    secure,
    singleSignOn: oidc === null ? null : await readSingleSignOn(oidc, env),
    ...(trustedProxies === null ? {} : { trustedProxies }),
  };
}
