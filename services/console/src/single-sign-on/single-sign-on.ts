import type { SignedOn } from "@hotgrid/store";
import * as oidc from "openid-client";
import type { SingleSignOnConfig } from "./read-single-sign-on.ts";
import { SignOnRefused } from "./sign-on-refused.ts";
import { signedOn } from "./signed-on.ts";

/** What a login takes along to the provider and has to come back with. */
interface Checks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What the provider may take for an answer, s. Ours: below the 20 s that a page waits. */
const TIMEOUT_S = 8;
const CALLBACK = "/api/v1/session/oidc/callback";

/** A city's own login (OpenID Connect): authorization code with PKCE, state and nonce. The provider is asked for its
 *  description at the first login, so that the console starts without it. */
export class SingleSignOn {
  readonly #config: SingleSignOnConfig;
  readonly #console: string;
  #provider: Promise<oidc.Configuration> | null = null;

  constructor(config: SingleSignOnConfig) {
    this.#config = config;
    this.#console = config.console.replace(/\/+$/, "");
  }

  get label(): { readonly zh: string; readonly en: string } {
    return this.#config.label;
  }

  /** Where to send the browser. Throws SignOnRefused "unavailable" or "failed". */
  async begin(): Promise<{ readonly url: string; readonly checks: Checks }> {
    const provider = await this.#discovered();
    const checks = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    };
    const url = oidc.buildAuthorizationUrl(provider, {
      redirect_uri: this.#console + CALLBACK,
      scope: this.#config.scope,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(checks.verifier),
      code_challenge_method: "S256",
    });
    return { url: url.href, checks };
  }

  /** @param query with which the browser came back, "?code=…". Throws SignOnRefused. */
  async finish(query: string, { state, nonce, verifier }: Checks): Promise<SignedOn> {
    const provider = await this.#discovered();
    // The address as the provider knows it: behind a proxy, ours looks different.
    const url = new URL(this.#console + CALLBACK + query);
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    const tokens = await oidc.authorizationCodeGrant(provider, url, checks).catch(SignOnRefused.from);
    const claims = tokens.claims();
    if (claims === undefined) throw new SignOnRefused("failed", "the provider sent no ID token");
    return signedOn(claims, this.#config);
  }

  /** Where to end the provider's own session; null where it says nothing of it. */
  async logoutUrl(): Promise<string | null> {
    const provider = await this.#discovered();
    if (provider.serverMetadata().end_session_endpoint === undefined) return null;
    return oidc.buildEndSessionUrl(provider, { post_logout_redirect_uri: `${this.#console}/` }).href;
  }

  /** Asked once; a failure is forgotten, so that the next login asks again. */
  #discovered(): Promise<oidc.Configuration> {
    this.#provider ??= this.#discover().catch((error: unknown) => {
      this.#provider = null;
      return SignOnRefused.from(error);
    });
    return this.#provider;
  }

  #discover(): Promise<oidc.Configuration> {
    const { allowHttp, clientId, clientSecret, issuer } = this.#config;
    const authentication = clientSecret === null ? oidc.None() : oidc.ClientSecretBasic(clientSecret);
    const execute = allowHttp ? [oidc.allowInsecureRequests] : [];
    return oidc.discovery(new URL(issuer), clientId, undefined, authentication, { timeout: TIMEOUT_S, execute });
  }
}
