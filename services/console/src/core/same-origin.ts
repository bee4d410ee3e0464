const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

export interface RequestOrigin {
  readonly method: string;
  /** Host as the browser addressed it, with the port. */
  readonly host: string;
  /** Header Sec-Fetch-Site, sent by every current browser. */
  readonly fetchSite: string | undefined;
  readonly origin: string | undefined;
}

export type OriginVerdict = "safe" | "same-origin" | "not-a-browser" | "cross-site";

/** Whether a request that changes something was sent by our own pages (OWASP CSRF Prevention Cheat Sheet, fetch metadata
 *  with fallback to Origin). A program that is no browser sends neither header and carries no ambient cookies. */
export function judgeOrigin({ method, host, fetchSite, origin }: RequestOrigin): OriginVerdict {
  if (SAFE_METHODS.has(method)) return "safe";
  if (fetchSite !== undefined) return fetchSite === "same-origin" ? "same-origin" : "cross-site";
  if (origin === undefined) return "not-a-browser";
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase() ? "same-origin" : "cross-site";
}
