/** That of package.json, which is not beside every compiled program. */
export const version = '0.2.0';
