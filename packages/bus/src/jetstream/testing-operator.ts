import { nkeys } from "@nats-io/transport-node";

/** An operator of nats-server with one account that may use JetStream: JWTs as `nsc` writes them (nats-io/jwt, v2). */
export interface Operator {
  /** Lines of the server's configuration. */
  readonly config: readonly string[];
  /** Text of a .creds file. */
  credentials(user: string, rights?: Rights): string;
}

/** Subjects that a user may publish and subscribe to; all where absent. */
interface Rights {
  readonly deny: readonly string[];
}

type Key = ReturnType<typeof nkeys.createUser>;
const nameOf = (key: Key): string => key.getPublicKey();
const base64url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("base64url");

export function createOperator(): Operator {
  const operator = nkeys.createOperator();
  const [system, account] = [nkeys.createAccount(), nkeys.createAccount()];
  const none = { imports: -1, exports: -1, conn: -1, leaf: -1, subs: -1, data: -1, payload: -1, wildcards: true };
  const jetStream = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const accounts = [
    [system, token(operator, system, "SYS", { type: "account", limits: none })],
    [account, token(operator, account, "HOTGRID", { type: "account", limits: { ...none, ...jetStream } })],
  ] as const;
  const preload = accounts.map(([key, jwt]) => `${nameOf(key)}: ${jwt}`).join(", ");
  return {
    config: [
      `operator: ${token(operator, operator, "O", { type: "operator" })}`,
      `system_account: ${nameOf(system)}`,
      "resolver: MEMORY",
      `resolver_preload: { ${preload} }`,
    ],
    credentials: (name, rights) => {
      const user = nkeys.createUser();
      const limits = { subs: -1, data: -1, payload: -1 };
      const denied = rights ? { pub: { deny: rights.deny }, sub: { deny: rights.deny } } : { pub: {}, sub: {} };
      const jwt = token(account, user, name, { type: "user", ...limits, ...denied });
      const seed = new TextDecoder().decode(user.getSeed());
      return `-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;
    },
  };
}

function token(issuer: Key, subject: Key, name: string, nats: object): string {
  const header = base64url(JSON.stringify({ typ: "JWT", alg: "ed25519-nkey" }));
  const issued = { iat: Math.floor(Date.now() / 1000), iss: nameOf(issuer), sub: nameOf(subject) };
  const claims = { jti: nameOf(subject), ...issued, name, nats: { ...nats, version: 2 } };
  const signed = `${header}.${base64url(JSON.stringify(claims))}`;
  return `${signed}.${base64url(issuer.sign(new TextEncoder().encode(signed)))}`;
}
