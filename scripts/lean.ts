/**
 * How the product's processes are started: Node's young generation at most 8 MB a half and two arenas of the C library, which holds a
 * third less memory at rest (an argon2 sign-in or a picture otherwise leaves its arena behind) for no measurable loss of speed. The Dockerfile says the same.
 */
export const LEAN_FLAGS = ['--max-semi-space-size=8'] as const;
export const LEAN_ENV = { MALLOC_ARENA_MAX: '2' } as const;
