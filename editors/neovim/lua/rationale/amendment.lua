-- Asks for the requirement of an amendment that the server is about to draft. The protocol has no text
-- input: without the answer the server drafts a placeholder.

local M = {}

local function execute(client, command, bufnr)
  local params = { command = command.command, arguments = command.arguments }
  local function report(err)
    if err then
      vim.notify('rationale: ' .. err.message, vim.log.levels.ERROR)
    end
  end
  if vim.fn.has('nvim-0.11') == 1 then
    client:request('workspace/executeCommand', params, report, bufnr)
  else
    client.request('workspace/executeCommand', params, report, bufnr)
  end
end

--- Runs in place of the command `rationale.draftAmendment`: completes its first argument by the
--- answer, and hands it to the server. Does nothing when the user thinks better of it.
function M.ask(command, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  local draft = (command.arguments or {})[1]
  if not client then
    return
  end
  if type(draft) ~= 'table' or draft.requirement then
    return execute(client, command, context.bufnr)
  end
  vim.ui.input({ prompt = 'What is needed, in the words of whoever needs it? ' }, function(answer)
    if not answer then
      return
    end
    local completed = vim.deepcopy(command)
    if vim.trim(answer) ~= '' then
      completed.arguments[1].requirement = vim.trim(answer)
    end
    execute(client, completed, context.bufnr)
  end)
end

return M
