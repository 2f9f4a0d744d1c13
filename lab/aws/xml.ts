/** Content of an element: text, or elements by name. A list repeats its element, and `undefined` omits it. */
export type XmlContent = string | number | boolean | XmlFields;
export interface XmlFields {
  readonly [name: string]: XmlContent | readonly XmlContent[] | undefined;
}

const header = '<?xml version="1.0" encoding="UTF-8"?>\n';
const s3Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A document in a namespace, by default S3's. */
export function xmlDocument(root: string, content: XmlFields, namespace = s3Namespace): string {
  return `${header}<${root} xmlns="${namespace}">${render(content)}</${root}>`;
}

/** S3's error documents carry no namespace. */
export function xmlErrorDocument(content: XmlFields): string {
  return `${header}<Error>${render(content)}</Error>`;
}

function render(content: XmlContent): string {
  if (typeof content !== "object") return escapeXml(String(content));
  return Object.entries(content)
    .flatMap(([name, value]) => asList(value).map((item) => `<${name}>${render(item)}</${name}>`))
    .join("");
}

function asList(value: XmlContent | readonly XmlContent[] | undefined): readonly XmlContent[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

function isList(value: XmlContent | readonly XmlContent[]): value is readonly XmlContent[] {
  return Array.isArray(value);
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"\p{Cc}]/gu, (character) => entities[character] ?? `&#x${hex(character)};`);
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
}
