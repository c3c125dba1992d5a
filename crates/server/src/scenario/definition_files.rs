//! Definition files that scenarios take over, each read once in a run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::definitions::{Problems, Wanted, read};

/// The definition files that scenarios name, as seen from the folder of their own file.
#[derive(Debug, Default)]
pub struct DefinitionFiles {
    folder: PathBuf,
    read: BTreeMap<Vec<PathBuf>, Arc<Wanted>>,
}

impl DefinitionFiles {
    /// From now on paths are seen from the folder in which this scenario file lies.
    pub fn look_beside(&mut self, scenario_file: &Path) {
        self.folder = scenario_file
            .parent()
            .map_or_else(PathBuf::new, Path::to_path_buf);
    }

    /// Everything that files, and the files of folders, define; nothing for no path.
    ///
    /// # Errors
    /// Every problem of every file.
    pub fn wanted(&mut self, paths: &[String]) -> Result<Arc<Wanted>, Problems> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| self.folder.join(path)).collect();
        if let Some(wanted) = self.read.get(&paths) {
            return Ok(Arc::clone(wanted));
        }
        let wanted = Arc::new(read(&paths)?);
        self.read.insert(paths, Arc::clone(&wanted));
        Ok(wanted)
    }
}
