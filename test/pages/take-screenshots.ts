import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../support/infra/temporary-folder.ts";
import { openChromium } from "../support/pages/open-chromium.ts";
import { pageKinds } from "../support/pages/page-kinds.ts";

// Takes the screenshots of docs/pages/ again. Run it by hand, where Chromium and the fonts of Noto are installed.
const folder = join(import.meta.dirname, "../../docs/pages");
const file = join(temporaryFolder("screenshots"), "day.html");
mkdirSync(folder, { recursive: true });
writeFileSync(file, (await pageKinds.day?.()) ?? "");

const devices = { phone: { width: 390, height: 1600 }, desk: { width: 1200, height: 1500 } };
const browser = await openChromium();
for (const [device, viewport] of Object.entries(devices)) {
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser.newPage({ viewport, colorScheme });
    await page.goto(pathToFileURL(file).href);
    await page.screenshot({ path: join(folder, `day-${device}-${colorScheme}.png`) });
    await page.close();
  }
}
await browser.close();
