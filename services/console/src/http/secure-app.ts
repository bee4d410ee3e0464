import { constants } from "node:zlib";
import compress from "@fastify/compress";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";

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
  await app.register(rateLimit, { max: options.requestsPerMinute, timeWindow: "1 minute" });
  // Brotli's quality 4: nearly as small as its best, at a tenth of the time.
  await app.register(compress, {
    threshold: COMPRESS_FROM_BYTES,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
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
