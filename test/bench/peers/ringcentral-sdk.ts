import { SDK } from "@ringcentral/sdk";
import { archiveDay, type Page } from "./archive-day.ts";

const { RC_SERVER_URL, RC_APP_CLIENT_ID, RC_APP_CLIENT_SECRET, RC_USER_JWT } = process.env;
const sdk = new SDK({
  server: RC_SERVER_URL,
  clientId: RC_APP_CLIENT_ID,
  clientSecret: RC_APP_CLIENT_SECRET,
  handleRateLimit: true,
});
const platform = sdk.platform();
await platform.login({ jwt: RC_USER_JWT });
await archiveDay({
  list: async (address) => (await (await platform.get(address)).json()) as Page,
  download: async (address) => new Uint8Array(await (await platform.get(address)).arrayBuffer()),
});
