/** A bucket's configuration, where known. */
export interface BucketFacts {
  /** As the service names it: `EUROPE-WEST3`, `EU`. */
  readonly location: string;
  /** `STANDARD`, `NEARLINE`, … */
  readonly storageClass: string;
  /** Replaced and deleted versions stay until somebody removes them. */
  readonly versioning: boolean;
  /** Seconds for which replaced and deleted versions can be restored; 0 when off. */
  readonly softDeleteS: number;
  /** Seconds for which no object may be replaced; 0 without such a policy. */
  readonly retentionS: number;
  /** Nothing in it can be made public. */
  readonly publicAccessPrevented: boolean;
  /** Permissions are granted on the bucket and its folders, not on objects. */
  readonly uniformAccess: boolean;
}
