import { createRequire } from "node:module";
import RingCentral from "@rc-ex/core";
import RestException from "@rc-ex/core/RestException";
import type SdkExtension from "@rc-ex/core/SdkExtension";
import rateLimit from "@rc-ex/rate-limit";
import { archiveDay, type Page } from "./archive-day.ts";

// The extension (0.7.20) retries only the RestException of the core 0.9 that npm lays beneath it:
// without this kinship it installs on core 1.x, says nothing, and lets every 429 through. Its later source waits alike.
const beneathExtension = createRequire(import.meta.resolve("@rc-ex/rate-limit"));
const { default: KnownException } = beneathExtension(
  "@rc-ex/core/lib/RestException",
) as typeof import("@rc-ex/core/RestException");
Object.setPrototypeOf(RestException.prototype, KnownException.prototype);

const { RC_SERVER_URL, RC_APP_CLIENT_ID, RC_APP_CLIENT_SECRET, RC_USER_JWT = "" } = process.env;
const rc = new RingCentral({
  server: RC_SERVER_URL,
  clientId: RC_APP_CLIENT_ID,
  clientSecret: RC_APP_CLIENT_SECRET,
});
// Core 1.x wants two methods more of an extension, and never calls them itself.
await rc.installExtension(new rateLimit.default() as unknown as SdkExtension);
await rc.authorize({ jwt: RC_USER_JWT });
await archiveDay({
  list: async (address) => (await rc.get<Page>(address)).data,
  download: async (address) => (await rc.get<Uint8Array>(address, undefined, { responseType: "arraybuffer" })).data,
});
