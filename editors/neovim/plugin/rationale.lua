-- Loaded at start: turns the server on for the buffers that it reads, and defines the commands.
if vim.g.loaded_rationale then
  return
end
vim.g.loaded_rationale = true

local function command(name, run, description)
  vim.api.nvim_create_user_command(name, function()
    require('rationale')[run]()
  end, { desc = description })
end

command('RationaleRestart', 'restart', 'Stop the Rationale server and start it anew')
command('RationaleLog', 'log', "Open the log of Neovim's language servers")

command('RationaleAmend', 'new_amendment', 'Draft an amendment about what the cursor is on')

vim.api.nvim_create_user_command('RationaleDraftSpecs', function(arguments)
  require('rationale.specs').draft(arguments.args)
end, {
  nargs = '?',
  complete = 'file',
  desc = 'Draft the specs of models that have none, of a folder or of the whole workspace',
})

vim.lsp.commands['rationale.draftAmendment'] = function(...)
  require('rationale.amendment').draft(...)
end
vim.lsp.commands['rationale.showReferences'] = function(...)
  require('rationale').show_references(...)
end

-- A lock that is edited counts as it stands, before it is written, as specs do.
vim.filetype.add({ pattern = { ['.*%.spec%.lock'] = 'yaml' } })

require('rationale').enable()
