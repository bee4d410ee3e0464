import { Rejected } from "@hotgrid/runtime";

/** Characters. Length is what helps (NIST SP 800-63B); rules of composition don't. The number is ours. */
const SHORTEST = 10;
/** As contracts' LoginRequest takes at most. */
const LONGEST = 200;

/** Throws Rejected: "password-too-short", "password-too-long", "password-is-name". */
export function checkPassword(password: string, accountId: string): void {
  const length = [...password].length;
  if (length < SHORTEST) {
    const text = { zh: `密码至少 ${SHORTEST} 个字符`, en: `a password has at least ${SHORTEST} characters` };
    throw new Rejected("password-too-short", text, "password");
  }
  if (password.length > LONGEST) {
    const text = { zh: `密码最多 ${LONGEST} 个字符`, en: `a password has at most ${LONGEST} characters` };
    throw new Rejected("password-too-long", text, "password");
  }
  if (password.toLowerCase() === accountId.toLowerCase()) {
    const text = { zh: "密码不能与账号相同", en: "a password is not the name of its account" };
    throw new Rejected("password-is-name", text, "password");
  }
}
