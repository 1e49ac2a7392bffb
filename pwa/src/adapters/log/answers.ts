import type { LogReply, LogRequest } from '../../log-ports.ts'
import type { LogServerMessage } from '@alcove/shared/protocol/log-messages'

const answerTo = {
  authenticate: 'ready',
  access: 'access-kept',
  'get-access': 'access',
  changed: 'heads',
  append: 'appended',
  read: 'records',
  'put-kit': 'kit-kept',
  'get-kit': 'kit',
  ping: 'pong',
} as const satisfies Record<LogRequest['type'], LogServerMessage['type']>

/** What answers a request; null when the message cannot be an answer to it, whoever sent it. */
export function replyTo(request: LogRequest, message: LogServerMessage, body: LogReply['body']): LogReply | null {
  if (message.type !== answerTo[request.type]) return null
  switch (message.type) {
    case 'records': {
      const length = message.lengths.reduce((sum, one) => sum + one, 0)
      const isAsked = request.type === 'read' && request.log === message.log && message.first > request.after
      return isAsked && length === body.length ? { message, body } : null
    }
    case 'appended':
      return request.type === 'append' && request.log === message.log && body.length === 0 ? { message, body } : null
    case 'kit':
      return { message, body }
    default:
      return body.length === 0 ? { message, body } : null
  }
}
