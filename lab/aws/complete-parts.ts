import { AwsError } from "./aws-error.ts";
import type { Upload, UploadedPart } from "./uploads.ts";
import { childrenOf, malformed, readXml, textOf, type XmlElement } from "./xml-reader.ts";

/** S3 user guide, "Multipart upload limits": only the last part may be smaller. */
const minPartBytes = 5 * 1024 * 1024;

/** The uploaded parts that a CompleteMultipartUpload document names, in its order. */
export function chooseParts(document: string, upload: Upload): readonly UploadedPart[] {
  const elements = childrenOf(readXml(document, "CompleteMultipartUpload"), "Part");
  if (elements.length === 0) throw malformed();
  const parts = elements.map((element) => choosePart(element, upload));
  parts.forEach((part, index) => {
    const next = parts[index + 1];
    if (next && next.number <= part.number) {
      throw new AwsError(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
    }
    if (next && part.size < minPartBytes) {
      throw new AwsError(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
        details: { ProposedSize: String(part.size), PartNumber: String(part.number) },
      });
    }
  });
  return parts;
}

function choosePart(element: XmlElement, upload: Upload): UploadedPart {
  const number = Number(textOf(element, "PartNumber"));
  const etag = (textOf(element, "ETag") ?? "").replaceAll('"', "");
  const part = upload.parts.find((candidate) => candidate.number === number && candidate.etag === etag);
  if (!part) throw invalidPart(number);
  for (const [algorithm, checksum] of Object.entries(part.checksums)) {
    const claimed = textOf(element, `Checksum${algorithm.toUpperCase()}`);
    if (claimed === undefined && upload.checksumType === "COMPOSITE") throw missingChecksum(algorithm, number);
    if (claimed !== undefined && claimed !== checksum) throw invalidPart(number);
  }
  return part;
}

function invalidPart(number: number): AwsError {
  const message =
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified " +
    "entity tag may not match the part's entity tag.";
  return new AwsError(400, "InvalidPart", message, { details: { PartNumber: String(number) } });
}

function missingChecksum(algorithm: string, number: number): AwsError {
  const message =
    `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each ` +
    `part. It was missing for part ${number} in the request.`;
  return new AwsError(400, "InvalidRequest", message);
}
