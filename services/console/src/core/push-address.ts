/** Whether messages may be sent to an endpoint that a browser names: otherwise anybody with an account could make us
 *  send requests anywhere.
 *  @param hosts "push.example", or "*.push.example" for all below it; with a port where it is not 443 */
export function isPushAddress(endpoint: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, host, username, password } = new URL(endpoint);
  if (protocol !== "https:" || username !== "" || password !== "") return false;
  return hosts.some((allowed) => (allowed.startsWith("*.") ? host.endsWith(allowed.slice(1)) : host === allowed));
}
