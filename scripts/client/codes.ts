const USCC = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A valid unified social credit code (GB 32100-2015) for made-up organisations: category 91, region, nine characters, check character. */
export function creditCode(region: string, serial: number): string {
  const body = organisationCode(serial);
  const head = `91${region}${body}`;
  const sum = [...head].reduce((total, char, index) => total + USCC.indexOf(char) * (3 ** index % 31), 0);
  return head + USCC[(31 - (sum % 31)) % 31];
}

/** Eight characters and a check character (GB 11714). */
function organisationCode(serial: number): string {
  const digits = `MA${String(serial).padStart(6, '0')}`;
  const values = [...digits].map((char) => (/\d/.test(char) ? Number(char) : char.charCodeAt(0) - 55));
  const sum = values.reduce((total, value, index) => total + value * [3, 7, 9, 10, 5, 8, 4, 2][index]!, 0);
  const check = 11 - (sum % 11);
  return digits + (check === 10 ? 'X' : check === 11 ? '0' : String(check));
}

/** A valid resident ID number (GB 11643-1999) for a made-up person. */
export function residentId(region: string, birth: string, order: number): string {
  const head = `${region}${birth}${String(order).padStart(3, '0')}`;
  const sum = [...head].reduce((total, digit, index) => total + Number(digit) * (2 ** (17 - index) % 11), 0);
  return head + '10X98765432'[sum % 11];
}
