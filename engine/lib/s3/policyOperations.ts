import { accepted } from '../iam/refusal.ts';
import type { Service } from '../wire/index.ts';
import type { Objects } from './objects.ts';
import { refusal } from './refusal.ts';

interface OnBucket {
  readonly Bucket: string;
}

/** A bucket's policy, which is evaluated for every caller. */
export function policyOperations(objects: Objects): Service['operations'] {
  return {
    PutBucketPolicy({ Bucket, Policy }: OnBucket & { readonly Policy: string }) {
      const bucket = objects.bucket(Bucket);
      const stored = accepted(Policy, 'resource', 'MalformedPolicy');
      const texts = stored.document.statements.flatMap(({ resources }) => resources?.texts ?? []);
      const foreign = texts.find((text) => text !== '*' && !text.startsWith(`arn:aws:s3:::${Bucket}`));
      if (foreign !== undefined) throw refusal(400, 'MalformedPolicy', 'Policy has invalid resource');
      bucket.policy = stored;
    },
    GetBucketPolicy({ Bucket }: OnBucket) {
      const { policy } = objects.bucket(Bucket);
      if (!policy) throw refusal(404, 'NoSuchBucketPolicy', 'The bucket policy does not exist', { BucketName: Bucket });
      return { Policy: policy.text };
    },
    DeleteBucketPolicy({ Bucket }: OnBucket) { delete objects.bucket(Bucket).policy; },
  };
}
