import { userInfo } from "node:os";
import type { Actor } from "@hotgrid/store";

/** Whom the audit log names for what a command changes: the user of the operating system. */
export const commandLine = (): Actor => ({ account: `cli:${userInfo().username}`, address: null });
