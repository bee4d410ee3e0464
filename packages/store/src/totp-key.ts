import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { placeSecretFile, Rejected, readSecret } from "@hotgrid/runtime";
import type { Kysely } from "kysely";
import type { Database } from "./database.ts";

/** Under which the secrets of one-time codes are sealed. */
export interface TotpKey {
  /** Says which key it is without telling it, hex. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** AES-256-GCM with a random nonce of 96 bits, NIST SP 800-38D 8.2.2: good for 2^32 secrets under one key. Bytes. */
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** As `openssl rand -base64 32` writes it. */
const KEY_FORM = /^[A-Za-z0-9+/]{43}=$/;
const SEALED = /^v1\.([0-9a-f]{16})\.([A-Za-z0-9_-]+)$/;
/** Row of `meta`: the id of the key that the database's secrets are sealed under. */
export const KEY_CLAIM = "totp-key";

/** A key of its own for this database: the first one that opens it is the one, since two consoles with two keys could
 *  not read each other's secrets.
 *  @param make where there is no such file and no secret was ever sealed; otherwise the file has to be there
 *  Throws Rejected: "missing-secret", "totp-key-form"; "totp-key-lost" where the secrets were sealed under another one. */
export async function openTotpKey(
  db: Kysely<Database>,
  { file, make }: { readonly file: string; readonly make: boolean },
): Promise<TotpKey> {
  const claimed = await claimOf(db);
  if (!existsSync(file) && make) {
    if (claimed !== undefined) throw lost(file, claimed);
    await placeSecretFile(file, `${randomBytes(KEY_BYTES).toString("base64")}\n`);
  }
  const key = totpKey(await readSecret({ file }, {}), file);
  await db
    .insertInto("meta")
    .values({ key: KEY_CLAIM, value: key.id })
    .onConflict((oc) => oc.doNothing())
    .execute();
  const its = await claimOf(db);
  if (its !== key.id) throw lost(file, its ?? "");
  return key;
}

/** @param text 32 bytes in base64. */
export function totpKey(text: string, file: string): TotpKey {
  if (!KEY_FORM.test(text)) {
    const zh = `${file} 不是动态口令密钥:应为 32 字节的 base64(openssl rand -base64 32)`;
    throw new Rejected("totp-key-form", {
      zh,
      en: `${file} holds no key: write 32 bytes in base64, as openssl rand -base64 32 does`,
    });
  }
  const bytes = Buffer.from(text, "base64");
  return { id: createHash("sha256").update("hotgrid totp key ").update(bytes).digest("hex").slice(0, 16), bytes };
}

/** Bound to its account: it can't be read as another one's. */
export function sealTotp({ id, bytes }: TotpKey, accountId: string, secret: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", bytes, nonce).setAAD(Buffer.from(accountId));
  const text = Buffer.concat([nonce, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1.${id}.${text.toString("base64url")}`;
}

export const isSealed = (secret: string): boolean => SEALED.test(secret);

/** Throws Rejected "totp-unreadable": sealed under another key, for another account, or changed. */
export function unsealTotp(key: TotpKey | null, accountId: string, sealed: string): string {
  const [, keyId, text = ""] = SEALED.exec(sealed) ?? [];
  if (key === null || keyId !== key.id) throw totpUnreadable(accountId);
  const bytes = Buffer.from(text, "base64url");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key.bytes, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(accountId))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
  } catch (cause) {
    throw totpUnreadable(accountId, cause);
  }
}

const claimOf = async (db: Kysely<Database>): Promise<string | undefined> =>
  (await db.selectFrom("meta").select("value").where("key", "=", KEY_CLAIM).executeTakeFirst())?.value;

const lost = (file: string, id: string): Rejected =>
  new Rejected("totp-key-lost", {
    zh: `动态口令密钥不是加密时的那一把(应为 ${id}):请将原密钥文件放回 ${file};确已丢失则运行 hotgrid users reset-totp --lost-key,相关账号须重新绑定`,
    en: `the key of the one-time codes is not the one (${id}) that they were sealed under: put that file back as ${file}; if it is lost, hotgrid users reset-totp --lost-key takes the codes of all accounts away`,
  });

/** The same words for each cause: what is wrong with a row is nothing for who logs in. */
export const totpUnreadable = (accountId: string, cause?: unknown): Rejected =>
  new Rejected(
    "totp-unreadable",
    {
      zh: `账号 ${accountId} 的动态口令无法解密`,
      en: `the one-time codes of ${accountId} can't be decrypted`,
    },
    "",
    { cause },
  );
