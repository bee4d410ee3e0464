import { auditVerify } from "./audit.ts";
import { backup, restore } from "./backup.ts";
import type { Command } from "./command.ts";
import { deadLettersList, deadLettersReplay } from "./dead-letters.ts";
import { dutyShow, dutyVerify } from "./duty.ts";
import { gridLocate, gridVerify } from "./grid.ts";
import { gridImport } from "./grid-import.ts";
import { gridProposals } from "./grid-proposals.ts";
import { migrate } from "./migrate.ts";
import { officersImport } from "./people.ts";
import { readingsRecordAgain } from "./readings.ts";
import { rostersImport } from "./rosters.ts";
import { silencesAdd, silencesEnd, silencesList } from "./silences.ts";
import { stationsAdd, stationsCredentials, stationsImport, stationsList } from "./stations.ts";
import { ticketsAuditClocks, ticketsFalseAlarms, ticketsVerifyDraws } from "./tickets.ts";
import { tokensAdd, tokensList, tokensRevoke } from "./tokens.ts";
import { usersAdd, usersDisable, usersList, usersPassword, usersResetTotp } from "./users.ts";

export const COMMANDS: readonly Command[] = [
  stationsList,
  stationsAdd,
  stationsImport,
  stationsCredentials,
  gridImport,
  gridVerify,
  gridLocate,
  gridProposals,
  officersImport,
  dutyShow,
  dutyVerify,
  rostersImport,
  usersList,
  usersAdd,
  usersPassword,
  usersDisable,
  usersResetTotp,
  tokensList,
  tokensAdd,
  tokensRevoke,
  auditVerify,
  deadLettersList,
  deadLettersReplay,
  silencesList,
  silencesAdd,
  silencesEnd,
  ticketsAuditClocks,
  ticketsFalseAlarms,
  ticketsVerifyDraws,
  backup,
  restore,
  readingsRecordAgain,
  migrate,
];
