import type { LogoutElsewhere, SessionView, UnfinishedLogin } from "@hotgrid/contracts";
import { useCallback, useEffect, useState } from "react";
import { ApiError } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { onSessionLost, tellSessionChanged } from "../api/session-lost.ts";
import { type SignOnFailure, signOnOutcome } from "./sign-on-outcome.ts";

/** "unknown" until the server has said whether there is a session; `failed` where it could not be asked; unfinished:
 *  the password was right, and something more is needed. */
type SessionState =
  | { readonly kind: "unknown" }
  | { readonly kind: "failed"; readonly error: unknown }
  /** ended: there was a session, and the server says that it is over. */
  | { readonly kind: "none"; readonly signOn: SignOnFailure | null; readonly ended?: true }
  | { readonly kind: "unfinished"; readonly next: UnfinishedLogin["next"] }
  | { readonly kind: "open"; readonly session: SessionView };

export interface SessionControl {
  readonly state: SessionState;
  /** Rejects with ApiError. */
  readonly login: (username: string, password: string) => Promise<void>;
  /** The login's second step. Rejects with ApiError. */
  readonly secondFactor: (code: string) => Promise<void>;
  /** Ends it at the server, and on this page in any case. Rejects with ApiError where the server was not reached. */
  readonly logout: () => Promise<void>;
  /** The server said that it is over. */
  readonly expire: () => void;
  readonly retry: () => void;
}

export function useSession(): SessionControl {
  const [state, setState] = useState<SessionState>({ kind: "unknown" });

  const ask = useCallback((signOn: SignOnFailure | null) => askSession(signOn).then(setState), []);
  useEffect(() => {
    const outcome = takeOutcome();
    if (outcome === "second-factor") setState({ kind: "unfinished", next: outcome });
    else void ask(outcome);
  }, [ask]);

  const login = useCallback(async (username: string, password: string) => {
    const body = { username, password };
    const answer = await call<SessionView | UnfinishedLogin>("/session", { method: "POST", body });
    tellSessionChanged();
    setState("next" in answer ? { kind: "unfinished", next: answer.next } : { kind: "open", session: answer });
  }, []);
  const secondFactor = useCallback(async (code: string) => {
    const session = await call<SessionView>("/session/second-factor", { method: "POST", body: { code } });
    tellSessionChanged();
    setState({ kind: "open", session });
  }, []);
  const expire = useCallback(() => setState({ kind: "none", signOn: null, ended: true }), []);
  useEffect(() => onSessionLost(expire), [expire]);
  const logout = useCallback(async () => {
    const elsewhere = await call<LogoutElsewhere | undefined>("/session", { method: "DELETE" });
    tellSessionChanged();
    setState({ kind: "none", signOn: null });
    if (elsewhere !== undefined) location.assign(elsewhere.next);
  }, []);
  const retry = useCallback(() => {
    setState({ kind: "unknown" });
    void ask(null);
  }, [ask]);
  return { state, login, secondFactor, logout, expire, retry };
}

const askSession = (signOn: SignOnFailure | null): Promise<SessionState> =>
  call<SessionView>("/session").then(
    (session): SessionState => ({ kind: "open", session }),
    (error: unknown): SessionState =>
      error instanceof ApiError && error.kind === "session" ? { kind: "none", signOn } : { kind: "failed", error },
  );

/** Once: a page that is loaded again says nothing of a login of before. */
function takeOutcome(): ReturnType<typeof signOnOutcome> {
  const outcome = signOnOutcome(location.search);
  if (location.search !== "") history.replaceState(history.state, "", location.pathname + location.hash);
  return outcome;
}
