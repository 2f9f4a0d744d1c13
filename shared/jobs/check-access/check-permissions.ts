import type { AccessLine } from "../../core/access/access-line.ts";
import { type PermissionAnswer, permissionLine } from "../../core/access/permission-lines.ts";
import { JobError } from "../../errors.ts";
import { checkPermission } from "../../ringcentral/endpoints/permission-check.ts";
import { permissionsOfScopes } from "../../ringcentral/http/needed-permissions.ts";
import type { AccessServices } from "./services.ts";
import { tryCheck } from "./try-check.ts";

type Services = Pick<AccessServices, "client">;

/** Asks RingCentral for every permission that the scopes' requests need. */
export async function checkPermissions(services: Services, scopes: readonly string[]): Promise<AccessLine[]> {
  const lines: AccessLine[] = [];
  for (const { permissions, role } of permissionsOfScopes(scopes)) {
    const work = async () => permissionLine({ names: permissions, role }, await answersFor(services, permissions));
    lines.push(await tryCheck(`permission ${permissions[0]}`, work));
  }
  return lines;
}

/** Returns the answers for the names of one permission, up to the first that is granted. */
async function answersFor({ client }: Services, names: readonly string[]): Promise<PermissionAnswer[]> {
  const answers: PermissionAnswer[] = [];
  for (const name of names) {
    answers.push(await checkPermission(client, name).catch(unknownIfRefused));
    if (answers.includes("granted")) break;
  }
  return answers;
}

/** RingCentral refuses the check of a name that it does not know, which says nothing about the permission. */
function unknownIfRefused(error: unknown): PermissionAnswer {
  if (error instanceof JobError && error.code.startsWith("API_") && !error.retryable) return "unknown";
  throw error;
}
