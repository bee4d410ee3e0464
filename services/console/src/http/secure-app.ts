import { constants } from "node:zlib";
import compress from "@fastify/compress";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import { tooManyRequests } from "./http-problem.ts";

export interface SecurityOptions {
  readonly secure: boolean;
  readonly tileUrl: string | null;
  readonly requestsPerMinute: number;
}

/** Answers smaller than this are not worth compressing, bytes. */
const COMPRESS_FROM_BYTES = 1024;

export async function secureApp(app: FastifyInstance, options: SecurityOptions): Promise<void> {
  await app.register(helmet, { ...policyFor(options), frameguard: { action: "deny" } });
  await app.register(cookie);
  await app.register(rateLimit, { global: false, max: options.requestsPerMinute, timeWindow: "1 minute" });
  limitRequests(app);
  // Brotli's quality 4: nearly as small as its best, at a tenth of the time.
  await app.register(compress, {
    threshold: COMPRESS_FROM_BYTES,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  });
}

/** All requests of an address are counted, before anything else: the plugin's own hook would come after the guard, which
 *  has sent away by then who has no session, uncounted. */
function limitRequests(app: FastifyInstance): void {
  const count = app.createRateLimit();
  app.addHook("onRequest", async (request) => {
    const counted = await count(request);
    if (!counted.isAllowed && counted.isExceeded) throw tooManyRequests(counted.ttlInSeconds);
  });
}

/** Nothing from outside but the configured map tiles. MapLibre starts its worker from a blob or from our own files;
 *  antd writes its styles into the page. */
function policyFor({ secure, tileUrl }: SecurityOptions) {
  const tiles = tileUrl === null ? [] : [new URL(tileUrl.replaceAll(/[{}]/g, "")).origin];
  return {
    strictTransportSecurity: secure ? { maxAge: 31_536_000 } : false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        connectSrc: ["'self'", ...tiles],
        fontSrc: ["'self'", "data:"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", "data:", "blob:", ...tiles],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        workerSrc: ["'self'", "blob:"],
      },
    },
  } as const;
}
