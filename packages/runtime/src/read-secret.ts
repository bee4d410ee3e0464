import { readFile } from "node:fs/promises";
import { Rejected } from "./errors.ts";

/** The secret itself, from the first line of a file or a variable of the environment. Throws Rejected "missing-secret"
 *  naming where it should be, never what it is. */
export async function readSecret(
  place: { readonly file: string } | { readonly env: string },
  env: NodeJS.ProcessEnv,
): Promise<string> {
  if ("env" in place)
    return env[place.env] || missing(`环境变量 ${place.env} 未设置`, `the variable ${place.env} is not set`);
  const text = await readFile(place.file, "utf8").catch((cause: unknown) =>
    missing(`无法读取密钥文件 ${place.file}`, `the secret's file ${place.file} can't be read`, cause),
  );
  return (
    text.split("\n")[0]?.trim() || missing(`密钥文件 ${place.file} 为空`, `the secret's file ${place.file} is empty`)
  );
}

function missing(zh: string, en: string, cause?: unknown): never {
  throw new Rejected("missing-secret", { zh, en }, "", cause === undefined ? {} : { cause });
}
