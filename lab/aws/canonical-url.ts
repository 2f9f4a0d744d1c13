import { AwsError } from "./aws-error.ts";

/** Splits a request's target into its path and its query, both still percent-encoded. */
export function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf("?");
  return mark < 0 ? { path: target, query: "" } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** The path as SigV4 signs it for S3: every segment encoded once, nothing normalised. */
export function canonicalPath(target: string): string {
  return splitTarget(target)
    .path.split("/")
    .map((segment) => encodeRfc3986(decodePercent(segment)))
    .join("/");
}

export function canonicalQuery(target: string): string {
  return splitTarget(target)
    .query.split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return `${encodeRfc3986(decodePercent(name))}=${encodeRfc3986(decodePercent(value.join("=")))}`;
    })
    .sort()
    .join("&");
}

/** Percent-encodes all but the unreserved characters of RFC 3986 §2.3. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError(400, "InvalidURI", "Couldn't parse the specified URI.");
  }
}
