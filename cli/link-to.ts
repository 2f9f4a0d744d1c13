import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const linkSeconds = 120;

/** Returns a URL by which anyone can fetch an object for two minutes, with the rights of this login. */
export function linkTo(client: S3Client, bucket: string, key: string): Promise<string> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: key });
  return getSignedUrl(client, command, { expiresIn: linkSeconds });
}
