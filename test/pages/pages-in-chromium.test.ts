import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/infra/temporary-folder.ts";
import { hostileNames } from "../support/pages/hostile-names.ts";
import { chromiumPath, openChromium } from "../support/pages/open-chromium.ts";
import { pageKinds } from "../support/pages/page-kinds.ts";

const everyKind = Object.keys(pageKinds);
const fullDay = "day in which eight things need attention";
const fullMonth = "month in which eight things need attention";
const fullIndex = "index after a month of 31 days in which eight things need attention";
/** Others have more of all that these have: the same page with more to say, or larger numbers. */
const lesserKinds = ["day in which something needs attention", "first day", "day", "week", "month"];
const kinds = process.env.EVERY_CELL ? everyKind : everyKind.filter((kind) => !lesserKinds.includes(kind));
/** Each part of a page is in one of these. The others have the same parts, with other words and numbers. */
const checkedKinds = process.env.EVERY_CELL
  ? kinds
  : [
      ...[fullDay, "day without figures", "day without analytics", "day of a company of 3"],
      ...[fullMonth, "index", "empty index"],
    ];
/** These have each colour of a page. */
const colourKinds = [fullDay, "index"];
/** Each of the others leaves more of its sheets empty: they have the same parts, with less in them. */
const fullestKinds = process.env.EVERY_CELL ? kinds : kinds.filter((kind) => kind.includes("eight"));
const chartKinds = [
  ...[
    "day with hostile names",
    "day of a company of 5,000",
    "index of a company of 5,000",
    fullDay,
    fullMonth,
    fullIndex,
  ],
  ...["day in Arabic numbers", "day in Hindi dates", "German week of 185,000 calls a day"],
];
const pointsPerPixel = 72 / 96;
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

test.runIf(process.env.CI)("Chromium is installed where CI runs", () => {
  expect(chromiumPath, "run `apt-get install -y --no-install-recommends chromium`").toBeDefined();
});

if (chromiumPath === undefined) console.log("Skipped the tests of the pages in a browser: Chromium is not installed.");

interface View {
  readonly width?: number;
  readonly media?: "screen" | "print";
  readonly colorScheme?: "light" | "dark";
  /** Whether each disclosure is open, and not only those that a reader finds open. */
  readonly disclosed?: boolean;
}

describe.skipIf(chromiumPath === undefined)("in Chromium", () => {
  const folder = temporaryFolder("pages");
  const fileOf = (kind: string) => join(folder, `${kind.replaceAll(/\W/g, "-")}.html`);
  let browser: Browser;
  let page: Page;
  let complaints: string[] = [];
  /** What the browser shows, as it was loaded. */
  let shown: string | undefined;
  let emulated: Pick<View, "media" | "colorScheme"> | undefined;
  beforeAll(async () => {
    for (const [kind, render] of Object.entries(pageKinds))
      if (kinds.includes(kind)) writeFileSync(fileOf(kind), await render());
    browser = await openChromium();
    page = await browser.newPage();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => complaints.push(dialog.message()));
    page.on("request", (request) => complaints.push(`requested ${request.url()}`));
  });
  afterAll(() => browser.close());

  /**
   * Shows a page from the disk. It is loaded only if it is not there yet, or if a test has changed it. `complaints` has what
   * Chromium complained of since, and what else was requested.
   */
  async function show(
    kind: string,
    { width = 1200, media = "screen", colorScheme = "light", disclosed = false }: View = {},
  ) {
    // Printing has the width of the sheet.
    if (media === "screen" && width !== page.viewportSize()?.width) await page.setViewportSize({ width, height: 900 });
    await emulate({ media, colorScheme });
    if (shown !== kind) await load(kind);
    await page.evaluate(`document.querySelectorAll("details").forEach((each) => {
      each.wasOpen ??= each.open;
      each.open = each.wasOpen || ${disclosed};
    })`);
  }

  async function emulate(next: Required<Pick<View, "media" | "colorScheme">>) {
    if (next.media !== emulated?.media || next.colorScheme !== emulated.colorScheme) await page.emulateMedia(next);
    emulated = next;
  }

  async function load(kind: string) {
    const { href } = pathToFileURL(fileOf(kind));
    shown = undefined;
    complaints = [];
    await page.goto(href);
    complaints = complaints.filter((each) => each !== `requested ${href}`);
    shown = kind;
  }

  /** Changes the page that is shown. It is loaded again for whoever shows it next. */
  function change(script: string) {
    shown = undefined;
    return page.evaluate(script);
  }

  const sheetsOf = async (format: string) => {
    const pdf = await page.pdf({ format, printBackground: true });
    return pdf.toString("latin1").match(/\/Type \/Page\b(?!s)/g)?.length ?? Number.NaN;
  };

  /** Texts of the shown charts that lie outside of their chart, and pairs that overlap, in words. */
  const faultsOfTexts = () =>
    page.evaluate(`[...document.querySelectorAll("svg[role=img]")].flatMap((svg) => {
      const room = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll("text")].map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0);
      const outside = texts.filter(({ box }) =>
        box.left < room.left - 1 || box.right > room.right + 1 || box.top < room.top - 2 || box.bottom > room.bottom + 2);
      const overlaps = texts.flatMap((a, index) => texts.slice(index + 1).filter((b) =>
        Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 0.5 &&
        Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 3).map((b) => a.text + " over " + b.text));
      return [...outside.map(({ text }) => text + " outside"), ...overlaps];
    })`);

  const prepareForAxe = () =>
    // A chart is one image, and a table's rows are alike. All that they are made of would take axe most of its time.
    change(`document.querySelectorAll("svg[role=img]").forEach((chart) => chart.replaceChildren());
      document.querySelectorAll("tbody tr:nth-child(n + 3)").forEach((row) => row.remove());
      ${axeSource}`);

  /** Faults of accessibility that axe finds, by rules or by all rules with some tags. */
  async function faultsByAxe(type: "tag" | "rule", values: readonly string[]): Promise<readonly string[]> {
    const options = JSON.stringify({ runOnly: { type, values }, resultTypes: ["violations"] });
    const { violations } = (await page.evaluate(`axe.run(document, ${options})`)) as {
      violations: readonly { id: string; nodes: readonly { html: string }[] }[];
    };
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
  }

  describe.each(kinds)("a %s", (kind) => {
    const isColourful = colourKinds.includes(kind);

    if (kind === fullDay)
      test("has each chart once, at 360, 800 and 1200 px, and fills its place", async () => {
        for (const width of [360, 800, 1200]) {
          await show(kind, { width });
          const charts = (await page.evaluate(`[...document.querySelectorAll("figure")].map((figure) => {
            const shown = [...figure.querySelectorAll("svg[role=img]")].map((svg) => svg.getBoundingClientRect()).filter((box) => box.width > 0);
            const room = figure.getBoundingClientRect();
            return { count: shown.length, share: shown[0].width / room.width, isInside: shown[0].right <= room.right + 1 };
          })`)) as readonly { count: number; share: number; isInside: boolean }[];

          expect(charts).toHaveLength(10);
          for (const { count, share, isInside } of charts) {
            expect(count).toBe(1);
            expect(share).toBeGreaterThan(0.6);
            expect(isInside).toBe(true);
          }
        }
      });

    // A chart grows with its place, texts and all: one width shows all narrow charts, and another all wide ones.
    if (chartKinds.includes(kind))
      test("has no text of a chart outside of it or over another, at 360 and at 1200 px", async () => {
        await show(kind, { width: 1200 });
        const wide = await faultsOfTexts();
        await show(kind, { width: 360 });

        expect([wide, await faultsOfTexts()]).toEqual([[], []]);
      });

    test("loads nothing, breaks no rule of its own policy, and never scrolls sideways on a phone", async () => {
      await show(kind, { width: 360, disclosed: true });
      const widths = await page.evaluate(
        `[document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]`,
      );
      const styled = await page.evaluate(
        `document.querySelectorAll("[style], script, link, img, foreignObject, image").length`,
      );

      expect(complaints).toEqual([]);
      expect(widths).toEqual([360, 360, 360]);
      expect(styled).toBe(0);
    });

    if (kind === "index of a company of 5,000")
      test("has all six columns of its days in sight on a phone of 390 and of 360 px", async () => {
        for (const width of [390, 360]) {
          await show(kind, { width, disclosed: true });
          const months = (await page.evaluate(`[...document.querySelectorAll("details.month .scroll")].map((table) =>
            [...table.querySelectorAll("thead th")].filter((head) => head.getBoundingClientRect().right <= innerWidth - 15).length -
            (table.scrollWidth > table.clientWidth ? 1 : 0))`)) as readonly number[];

          expect(months).not.toEqual([]);
          expect(new Set(months)).toEqual(new Set([6]));
        }
      });

    if (fullestKinds.includes(kind))
      test("prints on at most two sheets, with body text of at least 8.5 points", async () => {
        await show(kind, { media: "print" });
        const pixels = await page.evaluate(`parseFloat(getComputedStyle(document.body).fontSize)`);

        expect(await sheetsOf("Letter")).toBeLessThanOrEqual(2);
        expect(await sheetsOf("A4")).toBeLessThanOrEqual(2);
        expect(Number(pixels) * pointsPerPixel).toBeGreaterThanOrEqual(8.5);
      });

    if (kind === fullDay)
      test("prints light in dark mode, too", async () => {
        await show(kind, { media: "print", colorScheme: "dark" });
        const background = await page.evaluate(
          `getComputedStyle(document.documentElement).getPropertyValue("--paper")`,
        );

        expect(background).toBe("#fff");
      });

    if (kind === fullIndex)
      test("prints every day of its newest month, and no other list", async () => {
        await show(kind, { media: "print" });
        const printed = await page.evaluate(`[...document.querySelectorAll("tbody, .older")].map((list) =>
          [...list.querySelectorAll(list.matches("tbody") ? "tr" : "a")].filter((each) => each.getClientRects().length > 0).length)
          .filter((rows) => rows > 0)`);

        expect(printed).toEqual([31]);
      });

    if (kind === "day with hostile names")
      test("has them as text, and runs none of them", async () => {
        await show(kind);
        const text = await page.evaluate(
          `[...document.querySelectorAll("tbody th bdi")].map((each) => each.textContent)`,
        );

        expect(text).toEqual(expect.arrayContaining(hostileNames));
        expect(complaints).toEqual([]);
      });

    if (checkedKinds.includes(kind))
      test(`has no fault of accessibility by WCAG 2.2 AA${isColourful ? ", and none of colour in dark" : ""}`, async () => {
        await show(kind, { width: 360, disclosed: true });
        await prepareForAxe();
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

        expect(await faultsByAxe("tag", tags)).toEqual([]);
        if (!isColourful) return;
        // Light and dark differ in colours only.
        await emulate({ media: "screen", colorScheme: "dark" });
        expect(await faultsByAxe("rule", ["color-contrast", "link-in-text-block"])).toEqual([]);
      });
  });

  test("Chromium reports a style attribute, which the policy blocks", async () => {
    await show("empty index");
    await change(`document.body.insertAdjacentHTML("beforeend", '<p style="color:red">x</p>')`);

    expect(complaints.join()).toContain("Content Security Policy");
  });

  test("the keyboard alone reaches every link and table, and opens a disclosure", async () => {
    await show("day of a company of 3");
    const expected = Number(
      await change(`document.addEventListener("focusin", ({ target }) => (window.reached ??= new Set()).add(target));
        document.querySelectorAll("a, summary").length`),
    );
    for (let presses = 0; presses < expected + 5; presses += 1) await page.keyboard.press("Tab");
    const reached = await page.evaluate(`[...reached].filter((each) => each.matches("a, summary")).length`);
    await page.focus("summary");
    await page.keyboard.press("Enter");
    const isOpen = await page.evaluate(`document.querySelector("details").open`);

    expect(reached).toBe(expected);
    expect(isOpen).toBe(true);
  });
});
