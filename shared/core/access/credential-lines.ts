import { counted } from "../counted.ts";
import { dayMs } from "../time/days.ts";
import { type AccessLine, faultLine, okLine, warningLine } from "./access-line.ts";

/** When a JWT was issued and expires, as far as it says. */
export interface JwtDates {
  readonly issuedAt: Date | undefined;
  readonly expiresAt: Date | undefined;
}

/** Whole days before the JWT's end from which the line asks for a new one. */
const planRenewalDays = 60;
/** From here on the alarm credential-expiring is raised. */
export const renewDays = 14;
const urgentDays = 3;

const newJwt =
  "create a new JWT in RingCentral's Developer Console (Credentials → Create JWT, as the service user), and store it as docs/operations.md says under credential-expiring.";

/** Returns the line about age and end of the credential's JWT. An expired JWT never comes here: it is no valid credential. */
export function jwtLine({ issuedAt, expiresAt }: JwtDates, now: Date): AccessLine {
  const check = "JWT";
  const age = issuedAt && `issued ${counted(daysBetween(issuedAt, now), "day")} ago`;
  if (!expiresAt) return okLine(check, listed(age, "it names no end"));
  const days = daysBetween(now, expiresAt);
  const seen = listed(age, `expires in ${counted(days, "day")}, on ${expiresAt.toISOString().slice(0, 10)}`);
  if (days <= urgentDays) return faultLine(check, seen, `Today, ${newJwt}`);
  if (days <= renewDays) return warningLine(check, seen, `This week, ${newJwt}`);
  if (days <= planRenewalDays) return warningLine(check, seen, `Before that day, ${newJwt}`);
  return okLine(check, seen);
}

function listed(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join("; ");
}

/** Whole days, at least 0. */
function daysBetween(from: Date, to: Date): number {
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / dayMs));
}
