/** To whoever works at a court, about an account that may be the own one, and may be that of a namesake. */
export const likeOwnWords =
  'This account has your name, and your bar number or postal address. If it is yours, leave the decision to a colleague at your court.'
