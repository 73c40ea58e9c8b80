/** Shown in place of personal data whose key was destroyed. */
export const forgotten = '(forgotten)';

/** Sealed text: `sealed.v1.<key id>.<nonce, ciphertext and tag, base64url>`. Sentences may hold it. */
const form = 'sealed\\.v1\\.([A-Za-z0-9_-]{16})\\.([A-Za-z0-9_-]{38,})';

/** The key id of a sealed text, for `formatSealed`; undefined if the text is not sealed. */
export const keyIdOf = (text: string): string | undefined => new RegExp(`^${form}$`).exec(text)?.[1];

/** The key of the first of `texts` that is sealed: of what one order says, all have the same. */
export const firstKeyId = (...texts: readonly (string | undefined)[]): string | undefined =>
  texts.map((text) => keyIdOf(text ?? '')).find((id) => id !== undefined);

/** Every sealed text in `text`, with the id of its key and its bytes in base64url. */
export const sealedTexts = (text: string): { readonly sealed: string; readonly keyId: string; readonly bytes: string }[] =>
  [...text.matchAll(new RegExp(form, 'g'))].map(([sealed, keyId = '', bytes = '']) => ({ sealed, keyId, bytes }));

/** Whether `text` holds what might pass for sealed text, well formed or not: nobody outside may say it. */
export const looksSealed = (text: string): boolean => text.includes('sealed.v1.');

export const formatSealed = (keyId: string, bytes: string): string => `sealed.v1.${keyId}.${bytes}`;
