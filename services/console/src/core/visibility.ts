import { type Account, coversDivision, type DivisionCode } from "@hotgrid/contracts";

/** Rights are a role over a division and all below it. What an account may not see does not exist for it. */
export const seesDivision = (account: Account, division: DivisionCode): boolean =>
  coversDivision(account.division, division);

/** The part of `asked` that lies in the account's division; null where there is none. */
export function visiblePart(account: Account, asked: DivisionCode | undefined): DivisionCode | null {
  if (asked === undefined || coversDivision(asked, account.division)) return account.division;
  return coversDivision(account.division, asked) ? asked : null;
}
