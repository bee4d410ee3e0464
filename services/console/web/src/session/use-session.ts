import type { SessionView } from "@hotgrid/contracts";
import { useCallback, useEffect, useState } from "react";
import { ApiError } from "../api/api-error.ts";
import { call } from "../api/call.ts";

/** "unknown" until the server has said whether there is a session; `failed` where it could not be asked. */
type SessionState =
  | { readonly kind: "unknown" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "none" }
  | { readonly kind: "open"; readonly session: SessionView };

export interface SessionControl {
  readonly state: SessionState;
  /** Rejects with ApiError. */
  readonly login: (username: string, password: string) => Promise<void>;
  /** Ends it at the server, and on this page in any case. Rejects with ApiError where the server was not reached. */
  readonly logout: () => Promise<void>;
  /** The server said that it is over. */
  readonly expire: () => void;
  readonly retry: () => void;
}

export function useSession(): SessionControl {
  const [state, setState] = useState<SessionState>({ kind: "unknown" });

  const ask = useCallback(
    () =>
      call<SessionView>("/session").then(
        (session) => setState({ kind: "open", session }),
        (error: unknown) =>
          setState(
            error instanceof ApiError && error.kind === "session" ? { kind: "none" } : { kind: "failed", error },
          ),
      ),
    [],
  );
  useEffect(() => {
    void ask();
  }, [ask]);

  const login = useCallback(async (username: string, password: string) => {
    const session = await call<SessionView>("/session", { method: "POST", body: { username, password } });
    setState({ kind: "open", session });
  }, []);
  const expire = useCallback(() => setState({ kind: "none" }), []);
  const logout = useCallback(async () => {
    await call("/session", { method: "DELETE" });
    setState({ kind: "none" });
  }, []);
  const retry = useCallback(() => {
    setState({ kind: "unknown" });
    void ask();
  }, [ask]);
  return { state, login, logout, expire, retry };
}
