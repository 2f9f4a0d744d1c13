import * as z from "zod/mini";
import type { PermissionAnswer } from "../../core/access/permission-lines.ts";
import { lenient } from "../../core/optional.ts";
import type { Client } from "../http/client.ts";
import { parseResponseJson } from "../http/response-json.ts";

const CheckSchema = z.object({
  successful: z.boolean(),
  details: lenient(z.object({ scopes: lenient(z.array(z.string())) })),
});

/** Scopes of a permission that cover the calls of everybody. */
const companyWide = ["Account", "AllExtensions"];

/**
 * Sends GET …/extension/~/authz-profile/check for one permission of the service user. Its 200 also stands for a "no".
 * https://developers.ringcentral.com/api-reference/User-Permissions/checkUserPermission
 * @throws Pause; JobError API_… for a name that RingCentral does not know
 */
export async function checkPermission(client: Client, permission: string): Promise<PermissionAnswer> {
  const url = new URL("/restapi/v1.0/account/~/extension/~/authz-profile/check", client.server);
  url.searchParams.set("permissionId", permission);
  const checked = CheckSchema.safeParse(parseResponseJson(await client.sendText(url, { group: "light" })));
  if (!checked.success) return "unknown";
  if (!checked.data.successful) return "not-granted";
  const scopes = checked.data.details?.scopes;
  return scopes === undefined || scopes.some((scope) => companyWide.includes(scope)) ? "granted" : "narrow";
}
