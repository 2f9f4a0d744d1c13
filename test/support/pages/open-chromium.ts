import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const usualPaths = [
  ...["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"],
  ...[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Chromium or Chrome of this machine. */
export const chromiumPath = usualPaths.find((path) => existsSync(path));

/** Starts Chromium. @throws if there is none */
export async function openChromium(): Promise<Browser> {
  if (chromiumPath === undefined)
    throw new Error("Chromium is missing: run `apt-get install chromium`, or install Chrome.");
  return chromium.launch({
    executablePath: chromiumPath,
    // As root, and in containers, its sandbox does not start. The pages are our own.
    args: ["--no-sandbox", "--disable-gpu"],
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
  });
}
