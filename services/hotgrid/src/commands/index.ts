import type { Command } from "./command.ts";
import { gridLocate, gridVerify } from "./grid.ts";
import { officersImport, usersAdd } from "./people.ts";
import { stationsAdd, stationsCredentials, stationsImport, stationsList } from "./stations.ts";

export const COMMANDS: readonly Command[] = [
  stationsList,
  stationsAdd,
  stationsImport,
  stationsCredentials,
  gridVerify,
  gridLocate,
  officersImport,
  usersAdd,
];
