import { AwsError } from "./aws-error.ts";

export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly children: OpenElement[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Parses the small documents of S3's requests: elements and text. Skips attributes, comments and the prolog. */
export function readXml(document: string, rootName: string): XmlElement {
  const top: OpenElement = { name: "", children: [], text: "" };
  const open = [top];
  for (const [, markup, text] of document.matchAll(/<([^>]*)>|([^<]+)/g)) {
    const inner = open.at(-1);
    if (!inner) throw malformed();
    if (text !== undefined) inner.text += decode(text);
    else if (markup !== undefined) readMarkup(markup, open, inner);
  }
  const root = top.children[0];
  if (open.length !== 1 || top.children.length !== 1 || root?.name !== rootName) throw malformed();
  return root;
}

function readMarkup(markup: string, open: OpenElement[], inner: OpenElement): void {
  if (markup.startsWith("?") || markup.startsWith("!")) return;
  if (markup.startsWith("/")) {
    if (open.pop()?.name !== markup.slice(1).trim()) throw malformed();
    return;
  }
  const name = /^[^\s/]+/.exec(markup)?.[0];
  if (!name) throw malformed();
  const element: OpenElement = { name, children: [], text: "" };
  inner.children.push(element);
  if (!markup.endsWith("/")) open.push(element);
}

function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hexCode, decimalCode, name) => {
    if (hexCode) return String.fromCodePoint(Number.parseInt(hexCode, 16));
    if (decimalCode) return String.fromCodePoint(Number(decimalCode));
    return entities[name] ?? whole;
  });
}

export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

export function textOf(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

export function malformed(): AwsError {
  return new AwsError(
    400,
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
}
