import { beforeEach, inject } from "vitest";

/** Setup file of the test files that run on PostgreSQL. */
beforeEach(({ skip }) => {
  skip(inject("postgresUrl") === undefined, "PostgreSQL is not installed: apt-get install postgresql");
});
