import { type ConsoleDependencies, readSingleSignOn } from "@hotgrid/console-service";
import { readWebPush } from "@hotgrid/notifier-service";
import type { Config } from "./config.ts";
import { dataFiles } from "./data-directory.ts";

/** How browsers reach the console and how people log in: a part of its dependencies. */
export type ConsoleAccess = Pick<
  ConsoleDependencies,
  "requireTotp" | "secure" | "singleSignOn" | "totpKey" | "trustedProxies" | "webPush"
>;

/** Throws Rejected where the file of the single sign-on or of the receivers is wrong. */
export async function consoleAccess(config: Config, env: NodeJS.ProcessEnv): Promise<ConsoleAccess> {
  const { oidc, receivers, requireTotp, secure, trustedProxies } = config;
  const totpKey = env["HOTGRID_TOTP_KEY_FILE"];
  return {
    requireTotp,
    secure,
    totpKey: totpKey === undefined ? ownTotpKey(config.dataDir) : { file: totpKey, make: false },
    singleSignOn: oidc === null ? null : await readSingleSignOn(oidc, env),
    webPush: receivers === null ? null : await readWebPush(receivers, dataFiles(config.dataDir).pushKeys),
    ...(trustedProxies === null ? {} : { trustedProxies }),
  };
}

/** Made in the data directory when the console first starts there. */
export const ownTotpKey = (dataDir: string): ConsoleAccess["totpKey"] => ({
  file: dataFiles(dataDir).totpKey,
  make: true,
});
