import { createHash } from 'node:crypto';

/** The first 16 hexadecimal digits of SHA-256: how ADR-058 hides a serial number or an address. */
export function hashPart(raw: string): string {
  return createHash('sha256').update(raw, 'utf8').digest('hex').slice(0, 16);
}

const PLACEHOLDERS: readonly RegExp[] = [
  /^(?:to be filled by o\.?e\.?m\.?|default string|not (?:specified|available|applicable)|system serial number|none|n\/a|unknown|invalid|oem|o\.e\.m\.|chassis serial number|base board serial number)$/i,
  // One digit repeated (0000…, FFFF…), and the counting pattern some boards ship as UUID.
  /^(.)\1*$/,
  /^0?123456789[0-9a-f]*$/i,
  /^03000200040005000006000700080009$/,
];

/** True for manufacturers' placeholders for a serial number: many machines share them. */
export function isPlaceholder(raw: string): boolean {
  const plain = raw.trim();
  const digits = plain.replaceAll(/[-:\s]/g, '');
  return digits === '' || PLACEHOLDERS.some((form) => form.test(plain) || form.test(digits));
}

/** True when the manufacturer strings indicate a virtual machine. */
export function soundsVirtual(words: string): boolean {
  return /qemu|kvm|vmware|virtualbox|innotek|virtual machine|xen|hvm domu|bochs|parallels|bhyve|openstack|google compute engine|amazon ec2|alibaba cloud ecs|droplet|apple virtualization|firecracker/i.test(
    words,
  );
}
