//! The checks of the workbook.
