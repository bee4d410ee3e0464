import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Provider } from "oidc-provider";

export interface TestPerson {
  readonly sub: string;
  readonly name?: string;
  readonly groups?: readonly string[];
  readonly employee?: string;
}

/** A real OpenID provider on a free port, where whoever comes is logged in as `person` without being asked. */
export class TestProvider {
  readonly #server: Server;
  readonly issuer: string;
  /** null: gives up at the provider's page. */
  person: TestPerson | null = { sub: "operator" };
  /** Answers 503 to everything, as a provider in trouble does. */
  broken = false;

  private constructor(server: Server, issuer: string) {
    this.#server = server;
    this.issuer = issuer;
  }

  /** @param console address of the console, to which it sends back. */
  static async start(console: string): Promise<TestProvider> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the provider listens on no TCP port");
    const it = new TestProvider(server, `http://127.0.0.1:${address.port}`);
    const provider = it.#provider(console);
    server.on("request", (request, response) => void it.#answer(provider, request, response));
    return it;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #provider(console: string): Provider {
    return new Provider(this.issuer, {
      clients: [
        {
          client_id: "hotgrid",
          client_secret: "a-secret-of-the-test-0123456789",
          redirect_uris: [`${console}/api/v1/session/oidc/callback`],
          post_logout_redirect_uris: [`${console}/`],
        },
      ],
      cookies: { keys: ["a-key-of-the-test"] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
      conformIdTokenClaims: false,
      claims: { openid: ["sub"], profile: ["name", "groups", "employee"] },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ ...this.person, sub: id }) }),
    });
  }

  async #answer(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.broken) response.writeHead(503).end();
    else if (request.url?.startsWith("/interaction/")) await this.#interact(provider, request, response);
    else await provider.callback()(request, response);
  }

  async #interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.person === null) {
      const no = { error: "access_denied", error_description: "the person gave up" };
      return provider.interactionFinished(request, response, no);
    }
    const grant = new provider.Grant({ accountId: this.person.sub, clientId: "hotgrid" });
    grant.addOIDCScope("openid profile");
    const consent = { grantId: await grant.save() };
    await provider.interactionFinished(request, response, { login: { accountId: this.person.sub }, consent });
  }
}
