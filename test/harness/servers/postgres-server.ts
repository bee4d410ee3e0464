import { execFileSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "./free-ports.ts";
import { SETPRIV, ServerProcess } from "./server-process.ts";

/** Debian's package has a folder for each major version. */
const INSTALLED = "/usr/lib/postgresql";
/** Of the test server's only role. */
export const POSTGRES_PASSWORD = "only-on-loopback";

export interface PostgresServer {
  url(database: string): string;
  readonly port: number;
  /** Its folder of files (PGDATA). */
  readonly data: string;
  readonly process: ServerProcess;
  /** At once, since a server that is asked politely waits for its clients; and removes its folder. */
  end(): Promise<void>;
}

/** False where it is not installed: tests that need it skip then, saying so. */
export const hasPostgres = (): boolean => programs() !== undefined;

/** One PostgreSQL server on a free port, with its cluster in a folder of its own: it runs as somebody else, who can't
 *  enter the tests' folders.
 *  @param durable like a real one; otherwise it does not wait for the disk, which tests of queries need not
 *  @param folder kept at the end, and gone on with where it has a cluster; a temporary one unless given */
export async function startPostgres(durable = true, folder?: string): Promise<PostgresServer> {
  const bin = programs();
  if (bin === undefined) throw new Error("PostgreSQL is missing: apt-get install postgresql");
  const [port = 0] = await freePorts(1);
  const home = folder ?? mkdtempSync(join(tmpdir(), "hotgrid-postgres-"));
  const data = join(home, "data");
  if (!existsSync(join(data, "PG_VERSION"))) makeCluster(bin, home, data);
  const settings = { port, listen_addresses: "127.0.0.1", unix_socket_directories: "", ...(durable ? {} : HASTY) };
  const words = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = new ServerProcess(
    ...notAsRoot(join(bin, "postgres"), ["-D", data, ...words]),
    /ready to accept connections/,
    // After kill -9 its children take a moment to see that they are alone.
    { cwd: home, again: /shared memory block .* is still in use/ },
  );
  await server.start();
  return {
    url: (database) => `postgresql://hotgrid:${POSTGRES_PASSWORD}@127.0.0.1:${port}/${database}`,
    ...{ port, data, process: server },
    end: async () => {
      await server.end("SIGQUIT");
      if (folder === undefined) rmSync(home, { recursive: true });
    },
  };
}

function makeCluster(bin: string, home: string, data: string): void {
  const passwordFile = join(home, "password");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, POSTGRES_PASSWORD, { mode: 0o600 });
  const role = ["-U", "hotgrid", "-A", "scram-sha-256", "--pwfile", passwordFile];
  const init = ["-D", data, ...role, "-E", "UTF8", "--no-locale", "--no-sync"];
  const [initdb, words] = notAsRoot(join(bin, "initdb"), init, [home, data, passwordFile]);
  execFileSync(initdb, words, { cwd: home, stdio: ["ignore", "ignore", "pipe"] });
}

const HASTY = { fsync: "off", full_page_writes: "off" };

/** Folder of the newest version's programs. */
function programs(): string | undefined {
  if (!existsSync(INSTALLED)) return undefined;
  const versions = readdirSync(INSTALLED).toSorted((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(INSTALLED, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

/** PostgreSQL refuses to run as root: as root, its command line as somebody else, who gets the files. */
function notAsRoot(program: string, words: readonly string[], files: readonly string[] = []): [string, string[]] {
  if (process.getuid?.() !== 0) return [program, [...words]];
  const [uid, gid] = anotherUser();
  for (const file of files) chownSync(file, uid, gid);
  return [SETPRIV, ["--reuid", `${uid}`, "--regid", `${gid}`, "--clear-groups", "--", program, ...words]];
}

function anotherUser(): [uid: number, gid: number] {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (uid !== undefined) return [Number(uid), Number(gid)];
  }
  throw new Error("PostgreSQL can't run as root, and there is neither a user postgres nor nobody");
}
