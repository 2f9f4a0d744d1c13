import { type AccessLine, okLine } from "../../core/access/access-line.ts";
import { timeZoneLine } from "../../core/access/connection-lines.ts";
import { fetchAccount } from "../../ringcentral/endpoints/account.ts";
import { checkRateLimits, checkRecordingLimits } from "./check-limits.ts";
import { checkPermissions } from "./check-permissions.ts";
import { checkRequests } from "./check-requests.ts";
import { connect } from "./connect.ts";
import type { AccessServices } from "./services.ts";
import { tryCheck } from "./try-check.ts";

/** What the checks have seen; stored as a step's result. */
export interface CheckedAccess {
  readonly lines: readonly AccessLine[];
  /** ISO 8601. */
  readonly credentialExpiresAt?: string;
  /** Of the account. */
  readonly timeZone?: string;
}

/** Makes every check of RingCentral that is possible; one that fails hides no other. @throws Pause as `connect` does */
export async function checkRingCentral(services: AccessServices): Promise<CheckedAccess> {
  const { lines, expiresAt, scopes } = await connect(services);
  const granted = scopes ? await checkGranted(services, scopes) : undefined;
  return {
    lines: [...lines, ...(granted?.lines ?? [])],
    ...(granted?.timeZone && { timeZone: granted.timeZone }),
    ...(expiresAt && { credentialExpiresAt: expiresAt.toISOString() }),
  };
}

/** Checks what a token with these scopes permits. */
async function checkGranted(services: AccessServices, scopes: readonly string[]) {
  const { account, timeZone, lines } = await checkAccount(services);
  const checked: readonly AccessLine[] = [
    ...lines,
    ...(await checkPermissions(services, scopes)),
    ...(await checkRequests(services, scopes)),
    ...(await checkRecordingLimits(services, account)),
    ...(await checkRateLimits(services)),
  ];
  return { lines: checked, timeZone };
}

async function checkAccount({ client, timeZone }: AccessServices) {
  let account: { readonly id: string; readonly timeZone: string | undefined } | undefined;
  const line = await tryCheck("account", async () => {
    account = await fetchAccount(client);
    return okLine("account", `RingCentral's account ${account.id}`);
  });
  const zone = account ? [timeZoneLine(account.timeZone, timeZone)] : [];
  return { account: account?.id, timeZone: account?.timeZone, lines: [line, ...zone] };
}
