import { Client } from "pg";

/** Database that is copied for tests: to copy is faster than to migrate. */
export const TEMPLATE_DATABASE = "hotgrid_template";

/** @param url of the server's maintenance database */
export const createDatabase = (url: string, name: string, template = TEMPLATE_DATABASE): Promise<void> =>
  run(url, `create database ${name} template ${template}`);

export const dropDatabase = (url: string, name: string): Promise<void> =>
  run(url, `drop database if exists ${name} with (force)`);

export const databaseUrl = (url: string, name: string): string => Object.assign(new URL(url), { pathname: name }).href;

/** As the migrations leave it: without rows but the audit log's head. Neither triggers nor references are asked. */
export const emptyDatabase = (url: string): Promise<void> =>
  run(
    url,
    `set session_replication_role = replica;
     do $$ declare name text; begin
       for name in select tablename from pg_tables where schemaname = 'public' and tablename not like 'kysely%' loop
         execute format('delete from %I', name);
       end loop;
     end $$;
     insert into audit_head (id, count, hash) values (1, 0, repeat('0', 64))`,
  );

async function run(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
