export const handler = async () => ({ code: 'first', limit: process.env.LIMIT });
