import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

/** Returns a URL by which anyone can fetch an object for some seconds, with the rights of this login. */
export function linkTo(client: S3Client, bucket: string, key: string, seconds: number): Promise<string> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: key });
  return getSignedUrl(client, command, { expiresIn: seconds });
}
