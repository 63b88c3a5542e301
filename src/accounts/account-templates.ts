/**
 * Parts of pages that ask a person about an account, for `loadTemplates`: name, date of birth, address,
 * telephone, bar numbers and the text of the rules of use. They take `typed`, the fields as they were
 * sent, and `problem`, the words for a field by its name; and what `personLists` has.
 */
export const accountTemplates = new URL('./templates/', import.meta.url)
